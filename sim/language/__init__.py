"""What a person types: blocks, quantities, files with places, merging, remedies."""
