"""Where the collection specs are that come with the program."""

from pathlib import Path

from indexer.errors import ConfigurationError


def shipped_collections() -> Path:
    """Return the directory of the shipped `*.toml` specs, in a wheel and in a checkout alike.

    A wheel carries them inside the package as `_collections`; in a checkout, and so in an
    editable install, they lie beside the package.

    Raises:
        ConfigurationError: if they are in neither place: the installation is incomplete.
    """
    package = Path(__file__).resolve().parent
    places = (package / "_collections", package.parent / "collections")
    for place in places:
        if place.is_dir():
            return place
    message = f"The collection specs that come with indexer are missing: no {places[0]}."
    raise ConfigurationError(message, hint="Install indexer again.")
