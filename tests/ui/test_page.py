"""The page in a real Chromium, held to what Typesense itself answers."""

from pathlib import Path

from selenium.webdriver.common.keys import Keys

from tests.ui.browser import Browser, chromium
from tests.ui.site import FILTER_NAME, PUBLIC_STASH, QUOTED_NAME, SCRIPT_NAME, TITLE, Site

QUERY_BY = (
    "title,code,performers,performer_aliases,studio,groups,tags,tag_aliases,marker_titles,"
    "director,details,path_words"
)
CHOSEN = "#chosen .ais-CurrentRefinements-categoryLabel"


def test_type_narrow_sort_turn_and_share(site: Site, browser: Browser, tmp_path: Path) -> None:
    """Words, two facets, an order and a page show what Typesense has, and the address says it."""
    browser.open(site.url)
    browser.type("lantern")
    found = site.truth(q="lantern", query_by=QUERY_BY)["found"]
    assert 0 < found < site.truth()["found"]
    browser.until(lambda: browser.found() == found)
    assert "lantern" in [text.lower() for text in browser.texts(".card mark")]

    resolution, tag = _first(browser, "resolution"), _first(browser, "tags")
    chosen = f"resolution:=`{resolution}`"
    browser.choose("resolution", resolution)
    found = site.truth(q="lantern", query_by=QUERY_BY, filter_by=chosen)["found"]
    browser.until(lambda: browser.found() == found)
    browser.choose("tags", tag)
    chosen += f" && tags:=`{tag}`"
    narrowed = site.truth(q="lantern", query_by=QUERY_BY, filter_by=chosen)
    browser.until(lambda: browser.found() == narrowed["found"])
    browser.keep("narrowed")

    browser.one("#box button[type=reset]").click()
    browser.choose("tags", tag)
    browser.sort("Longest")
    pages = [
        site.truth(
            filter_by=f"resolution:=`{resolution}`",
            sort_by="duration:desc",
            page=str(page),
            per_page="24",
        )
        for page in (1, 2)
    ]
    first, second = ([hit["document"]["title"] for hit in page["hits"]] for page in pages)
    browser.until(lambda: browser.titles() == first)
    browser.one("#pages a[aria-label='Page 2']").click()
    browser.until(lambda: browser.titles() == second)
    browser.until(lambda: "page=2" in browser.driver.current_url)

    with chromium(tmp_path / "another") as somebody:
        somebody.open(browser.driver.current_url)
        somebody.until(lambda: somebody.titles() == second)
        assert somebody.found() == pages[0]["found"]
        assert somebody.texts("#sort option:checked") == ["Longest"]
        assert somebody.texts(CHOSEN) == [resolution]
        assert somebody.complaints() == []


def test_a_folded_facet_is_in_a_shared_address(site: Site, browser: Browser) -> None:
    """What a facet narrows by that was unfolded by hand outlives a reload and the back button."""
    browser.open(site.url)
    browser.one(browser.facet("played", "summary")).click()
    browser.until(lambda: browser.all(browser.facet("played", "input")))
    browser.choose("played", "true")
    played = site.truth(filter_by="played:=true")["found"]
    browser.until(lambda: browser.found() == played)
    browser.until(lambda: "played" in browser.driver.current_url)
    browser.driver.refresh()
    browser.until(lambda: browser.all(".card"))
    assert browser.found() == played
    assert browser.texts(CHOSEN) == ["Yes"]
    browser.driver.back()
    browser.until(lambda: browser.found() == site.truth()["found"])


def test_hierarchy(site: Site, browser: Browser) -> None:
    """A studio opens into those below it, each with the scenes of all that it has."""
    browser.open(site.url)
    roots = _facet_counts(site, "studio_lvl0")
    children = _facet_counts(site, "studio_lvl1")
    child = next(iter(children))
    root = child.split(" > ")[0]
    link = browser.facet("studio_lvl0", "a")
    browser.until(lambda: browser.all(link))
    more = browser.one(browser.facet("studio_lvl0", "button"))
    more.click()
    browser.until(lambda: len(browser.all(link)) == len(roots))
    _click_link(browser, link, root)
    browser.until(lambda: browser.found() == roots[root])
    _click_link(browser, link, child.split(" > ")[1])
    browser.until(lambda: browser.found() == children[child])
    assert browser.texts(CHOSEN) == [child]
    browser.keep("hierarchy")


def test_a_tree_with_several_ways(site: Site, browser: Browser) -> None:
    """A tag with two parents is opened under each of them, and leads to the same scenes."""
    children = _facet_counts(site, "tag_lvl1")
    names = [path.split(" > ")[1] for path in children]
    child = next(name for name in names if names.count(name) > 1)
    ways = [path for path in children if path.endswith(f" > {child}")]
    for path in ways:
        browser.open(site.url)
        _walk_down(browser, "tag_lvl0", path)
        browser.until(lambda: browser.found() == children[ways[0]])
    browser.keep("tags")


def test_ranges(site: Site, browser: Browser) -> None:
    """Years narrow between two bounds, durations by steps."""
    browser.open(site.url)
    lowest, _ = browser.until(lambda: browser.all(browser.facet("year", "input")))
    lowest.send_keys("2005", Keys.ENTER)
    since = site.truth(filter_by="year:>=2005")["found"]
    browser.until(lambda: browser.found() == since)
    steps = browser.all(browser.facet("duration", "label"))
    assert [step.text for step in steps[:3]] == ["any", "under 10 min", "10 to 20 min"]
    steps[1].click()
    both = site.truth(filter_by="year:>=2005 && duration:<=600")["found"]
    browser.until(lambda: browser.found() == both)


def test_hostile_names_are_text(site: Site, browser: Browser) -> None:
    """HTML in a title, a performer or a tag is shown as it is, and can be filtered by."""
    browser.open(site.url)
    browser.type("lantern quay")
    browser.until(lambda: TITLE in browser.titles())
    assert SCRIPT_NAME in browser.texts(".card .line")
    names = [QUOTED_NAME, FILTER_NAME]
    for name in names:
        browser.choose("tags", name)
    browser.until(lambda: sorted(browser.texts(CHOSEN)) == sorted(names))
    assert TITLE in browser.titles()
    assert browser.all("#results script, #facets script, #facets img, .card b") == []
    assert browser.driver.title == "Scenes · Search"
    browser.keep("hostile")


def test_pictures_and_links(site: Site, browser: Browser) -> None:
    """Pictures come by way of the page's own server, and a card leads into Stash."""
    browser.open(site.url)
    script = "const i = document.querySelector('.card img'); return i && i.naturalWidth"
    assert browser.until(lambda: browser.driver.execute_script(script)) > 0
    picture = browser.one(".card img").get_attribute("src")
    assert picture is not None
    assert picture.startswith(f"{site.url}/picture/scene/")
    link = browser.one(".card a").get_attribute("href")
    assert link is not None
    assert link.startswith(f"{PUBLIC_STASH}/scenes/")


def test_another_collection_takes_the_words_along(site: Site, browser: Browser) -> None:
    """The tab of the performers searches them for what was typed."""
    browser.open(site.url)
    browser.type("jon")
    browser.until(lambda: "query=jon" in browser.driver.current_url)
    _click_link(browser, "#tabs a", "Performers")
    browser.until(lambda: browser.driver.title == "Performers · Search")
    browser.until(lambda: browser.all(".card.tall"))
    assert any("Jon" in title for title in browser.titles())
    browser.keep("performers")


def test_nothing_leaves_for_elsewhere(site: Site, browser: Browser) -> None:
    """All that the page loads comes from where it itself came from, and none of it is a key."""
    browser.open(site.url)
    script = "return performance.getEntriesByType('resource').map(entry => entry.name)"
    loaded = browser.driver.execute_script(script)
    assert {"/app.js", "/config.json", "/multi_search"} <= {
        url.removeprefix(site.url).partition("?")[0] for url in loaded
    }
    assert [url for url in loaded if not url.startswith(site.url + "/")] == []
    secrets = (site.typesense.api_key, site.stash.stash.api_key or "")
    for shown in (browser.driver.page_source, *loaded):
        assert not any(secret in shown for secret in secrets)


def _first(browser: Browser, field: str) -> str:
    return _values(browser, field)[0]


def _values(browser: Browser, field: str) -> list[str]:
    script = "return [...document.querySelectorAll(arguments[0])].map(e => e.value)"
    inputs = browser.facet(field, "label input")
    found: list[str] = browser.driver.execute_script(script, inputs)
    return found


def _click_link(browser: Browser, selector: str, name: str) -> None:
    def click() -> bool:
        for link in browser.all(selector):
            if link.text.splitlines()[:1] == [name]:
                link.click()
                return True
        return False

    browser.until(click)


def _walk_down(browser: Browser, field: str, path: str) -> None:
    """Unfold a tree, and open level after level."""
    links = browser.facet(field, "a")
    browser.one(browser.facet(field, "summary")).click()
    browser.until(lambda: browser.all(links))
    browser.one(browser.facet(field, "button")).click()
    for name in path.split(" > "):
        _click_link(browser, links, name)
    browser.until(lambda: browser.texts(CHOSEN) == [path])


def _facet_counts(site: Site, field: str) -> dict[str, int]:
    (facet,) = site.truth(facet_by=field, max_facet_values="200")["facet_counts"]
    return {each["value"]: each["count"] for each in facet["counts"]}
