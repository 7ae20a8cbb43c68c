"""Text of scripts that put no space between words: Typesense takes a run of it for one word."""

import re

# Hiragana, katakana, Chinese characters and Hangul; 40 at most, as parts grow with the square.
_SIGNS = r"\u3005\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f\uac00-\ud7af"
_RUN = re.compile(f"[{_SIGNS}]{{2,40}}")


def later_parts(text: str) -> list[str]:
    """Return what of each unspaced run begins after its first sign: 日本語 gives 本語 and 語.

    Searches find the beginnings of words; with these any part of a run is a beginning.
    """
    parts = (run[at:] for run in _RUN.findall(text) for at in range(1, len(run)))
    return list(dict.fromkeys(parts))
