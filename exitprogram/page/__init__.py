"""How a page looks: icons, Swedish dates and numbers, and how Django prints a form."""
