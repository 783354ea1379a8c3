"""All of sensing's SQL: rows in and out of nouns, and no decisions."""
