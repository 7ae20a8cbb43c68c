"""The transformer: what is made of records, whatever they hold."""
