"""The page from which candidates take everything that is kept about them."""

import io
import zipfile

from tests.web.conftest import House


def test_the_copy_is_explained_and_handed_out_as_a_download(house: House):
    for who in ("filled", "review", "hearing", "presented"):
        case = house.stage.cases[who]
        assert f'href="{case.form}/inzage"' in house.get(who, f"{case.form}/stand").text
        page = house.get(who, f"{case.form}/inzage").text
        assert f'href="{case.form}/inzage/bestand"' in page
        assert "Notities van beoordelaars" in page
        assert ("Bevindingen, geraadpleegde bronnen" in page) is (who in {"filled", "review"})
    answer = house.get("review", f"{house.stage.cases['review'].form}/inzage/bestand")
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "no-store" in answer.headers["cache-control"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert {"inzage.docx", "inzage.json"} <= set(archive.namelist())
