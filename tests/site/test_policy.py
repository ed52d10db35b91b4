"""What a web server is to send with the pages: their own scripts may run, and nothing else."""

import re

from scripts.site.policy import policy, publish

PAGE = """\
<script>let a = 1</script>
<script type="application/json">{}</script><script id="x" type="application/ld+json">{}</script>
<script defer src="a.js"></script>
"""
A = "'sha256-LAfYd7pbFUgwfQu8b4q135PeTG2z+/coPEUYCd74eCQ='"  # printf 'let a = 1' | openssl dgst -sha256 -binary | base64


def test_a_script_in_a_page_is_known_by_its_hash():
    [scripts] = re.findall(r"script-src ([^;]*)", policy([PAGE, PAGE]))
    assert scripts == f"'self' 'wasm-unsafe-eval' {A}"


def test_nothing_comes_from_elsewhere_and_no_text_is_run():
    told = policy([PAGE])
    assert told.startswith("default-src 'self'; ")
    assert "http" not in told
    assert "'unsafe-eval'" not in told
    assert told.count("'unsafe-inline'") == 1
    assert "style-src-attr 'unsafe-inline'" in told
    assert "style-src 'self';" in told


def test_a_style_in_a_page_is_known_by_its_hash():
    [styles] = re.findall(r"style-src ([^;]*)", policy(["<style>let a = 1</style>"]))
    assert styles == f"'self' {A}"


def test_the_file_holds_for_every_page(tmp_path):
    (tmp_path / "zh").mkdir()
    (tmp_path / "zh" / "index.html").write_text(PAGE)
    publish(tmp_path)
    first, second, *_ = (tmp_path / "_headers").read_text().splitlines()
    assert first == "/*"
    assert second == f"  Content-Security-Policy: {policy([PAGE])}"
