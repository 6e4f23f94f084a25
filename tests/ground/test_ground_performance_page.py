from benchmarks.page import PAGE, page


def test_the_page_on_speed_says_what_was_measured() -> None:
    assert PAGE.read_text() == page()
