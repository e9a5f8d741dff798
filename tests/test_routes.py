import pytest

from portal import routes


@pytest.mark.parametrize(
    ("route", "path", "named"),
    [
        (routes.HOME, "/", {}),
        (routes.PAYMENTS, "/payments", {}),
        (routes.PAYMENTS, "/payments/", {}),
        (routes.PAYMENTS, "/payments/more", None),
        (routes.PAYMENTS, "/Payments", None),
        (routes.PAYMENTS, "/paymentsandmore", None),
        (routes.BOOKING, "/bookings/abc", {"booking_id": "abc"}),
        (routes.BOOKING, "/bookings/abc/", {"booking_id": "abc"}),
        (routes.BOOKING, "/bookings/a b'\"<", {"booking_id": "a b'\"<"}),
        (routes.BOOKING, "/bookings/[booking_id]", {"booking_id": "[booking_id]"}),
        (routes.BOOKING, "/bookings/", None),
        (routes.BOOKING, "/bookings", None),
        (routes.BOOKING, "/bookings/a/b", None),
        (routes.BOOKING, "x/bookings/abc", None),
        (routes.ORDER, "/orders/1", {"order_id": "1"}),
        ("/a.b/[one]/[two]", "/a.b/1/2", {"one": "1", "two": "2"}),
        ("/a.b/[one]/[two]", "/aXb/1/2", None),
    ],
)
def test_a_path_says_what_stands_in_the_places_of_a_route(
    route: str, path: str, named: dict[str, str] | None
) -> None:
    assert routes.parameters(route, path) == named


@pytest.mark.parametrize(("route", "made"), [(routes.BOOKING, routes.booking), (routes.ORDER, routes.order)])
def test_a_path_that_was_made_is_understood(route: str, made: object) -> None:
    assert callable(made)
    assert list((routes.parameters(route, made("k3m2")) or {}).values()) == ["k3m2"]


def test_no_path_stands_for_two_things() -> None:
    paths = [value for name, value in vars(routes).items() if name.isupper() and isinstance(value, str)]

    assert len(paths) == len(set(paths))
    assert all(path.startswith("/") for path in paths)
