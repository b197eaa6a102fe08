"""What happens to a contact, one function for each step; both engines call them."""
