"""HTTP: the documents of the pages, signing in, webhooks, downloads, health."""
