"""Tables: what each cell knows, and which columns are shown."""

from scripts.page.html import element
from scripts.page.tables import comparison, table


def test_a_cell_knows_the_title_of_its_column_beside_which_it_stands_in_the_hand():
    told = table(["程序", element("code", "CPU"), "内存"], [["a", "1", "2"]])
    assert '<th scope="row">a</th>' in told
    assert '<td data-label="CPU">1</td>' in told
    assert '<td data-label="内存">2</td>' in told


def test_a_column_that_is_left_out_takes_its_title_along():
    told = comparison(["程序", "2017", "内存"], [["a", "", "2"], ["b", "", "3"]])
    assert "2017" not in told
    assert '<td data-label="内存">3</td>' in told


def test_a_title_is_text_in_a_label_too():
    assert 'data-label="&lt;b&gt; &#34;"' in table(["", '<b> "'], [["a", "1"]])
