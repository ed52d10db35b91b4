"""What a reader does on the site: arrive, search, go on, change the light."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import QUIET


def test_the_root_leads_to_the_chinese_edition(visit):
    page = visit("")
    page.wait_for_url("**/zh/")
    expect(page.locator("article h1")).to_be_visible()


def found(word):
    """Matches that word in a result, where the theme puts zero-width spaces between words."""
    return re.compile("\u200b?".join(map(re.escape, word)))


@pytest.mark.parametrize("word", ["线程", "阻塞", "epoll", "fetch_all"])
def test_the_search_finds(visit, word):
    page = visit(QUIET)
    page.locator(".md-search__input").click()
    page.locator(".md-search__input").press_sequentially(word)
    expect(page.locator(".md-search-result__item").first).to_contain_text(found(word))


def test_the_search_finds_what_an_input_method_commits(visit):
    """An input method sends `input` and no key, and the theme listens to keys."""
    page = visit(QUIET)
    page.locator(".md-search__input").click()
    page.wait_for_load_state("networkidle")
    page.keyboard.insert_text("线程")
    expect(page.locator(".md-search-result__item").first).to_contain_text(found("线程"))


def test_the_light_can_be_changed_and_stays_so(visit):
    page = visit(QUIET)
    for label in ("改用浅色", "改用深色"):
        page.locator(f"[data-md-component=palette] label[title={label}]").click()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")
    page.reload()
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")


def test_the_next_page_comes_without_loading_anew(visit):
    page = visit("zh/")
    page.evaluate("window.stays = true")
    page.locator(".turn__next").click()
    page.wait_for_url(re.compile("/zh/concepts/"))
    expect(page.locator("article h1")).to_contain_text("概念")
    assert page.evaluate("window.stays") is True


def test_a_phone_reaches_every_page_by_the_menu(visit):
    page = visit("zh/", "phone")
    page.locator("label.md-header__button[for=__drawer]").tap()
    page.locator(".md-nav--primary label.md-nav__link", has_text="等待叠在一起").tap()
    page.locator(".md-nav--primary a.md-nav__link[href*=threads]").tap()
    page.wait_for_url("**/zh/threads/")


def test_a_heading_sorts_its_table_one_way_then_the_other_and_the_first_restores_history(visit):
    page = visit("zh/")
    table = page.locator(".comparison table")

    def column(number):
        return table.locator(f"tbody :is(th, td):nth-child({number})").all_inner_texts()

    def press(number):
        table.locator(f"thead th:nth-child({number}) button").press("Enter")
        return table.locator(f"thead th:nth-child({number})").get_attribute("aria-sort")

    history, cpu = column(1), [float(text.replace(",", "")) for text in column(3)]
    assert press(3) == "ascending"
    assert [float(text.replace(",", "")) for text in column(3)] == sorted(cpu) != cpu
    assert press(3) == "descending"
    assert [float(text.replace(",", "")) for text in column(3)] == sorted(cpu, reverse=True)
    assert press(9) == "ascending"
    has_a_figure = [text != "" for text in column(9)]
    assert has_a_figure == sorted(has_a_figure, reverse=True)
    assert any(has_a_figure) > all(has_a_figure)
    assert press(1) == "ascending"
    assert column(1) == history
