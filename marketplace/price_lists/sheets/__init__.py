"""Files and pasted texts as rows of text cells, whatever program wrote them."""
