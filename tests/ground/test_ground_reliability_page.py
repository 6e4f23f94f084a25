from benchmarks.reliability import PAGE, page, plots


def test_the_page_on_reliability_and_its_drawings_are_made_from_the_results() -> None:
    assert PAGE.read_text() == page()
    assert {file: file.read_text() for file in plots()} == plots()
