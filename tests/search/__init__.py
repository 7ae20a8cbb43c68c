"""How well what is shipped is searched: on a real Typesense, by the presets that pages use."""
