"""What happens to a contact, a step a function; both loops take them."""
