from benchmarks.reliability import PAGE, page


def test_the_page_on_reliability_is_made_from_the_results() -> None:
    assert PAGE.read_text() == page()
