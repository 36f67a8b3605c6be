"""Pages that anybody may read: about the product, privacy, accessibility, the words we use."""
