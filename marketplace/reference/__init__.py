"""Reference data of the district: law in force, legal forms, official code lists, promoters. Read-only loaders."""
