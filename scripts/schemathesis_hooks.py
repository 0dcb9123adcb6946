"""What schemathesis has to know of Throughline: newline-delimited JSON, and names that exist.

Generated names are nearly always unknown, and then only the first check of each operation is ever tried. So a
small shop is set up first, and two of three requests name things of it.
"""

import json
import os
import zlib

import requests
import schemathesis

URL = os.environ["THROUGHLINE_TEST_URL"]
KEY = os.environ["THROUGHLINE_TEST_KEY"]
ORDERS = 60
SKUS = ["A", "B", "KIT"]
LOCATIONS = ["LEEDS", "PARIS", "3PL"]
TRACKED = {"lots": ("LOTS", "lot", ["X1", "X2"]), "serials": ("UNITS", "serial", ["S1", "S2"])}
SETTINGS = {"calendars": ["week"], "carrier-services": ["ground"], "carrier-closures": ["storm"]}
ADDRESS = {"name": "N", "line1": "1 Street", "city": "Leeds", "postal_code": "LS1", "country": "GB"}

known = {"orders": [], "fulfilments": [], "returns": [], "drafts": [], "reservations": [], "customers": [],
         "count-tasks": [], "runs": [], "replays": []}


@schemathesis.serializer("application/x-ndjson")
def lines(ctx, value):
    rows = value if isinstance(value, list) else [value]
    return "\n".join(json.dumps(row) for row in rows).encode()


def toml_value(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml_value(str(key))} = {toml_value(one)}" for key, one in value.items() if one is not None) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(toml_value(one) for one in value if one is not None) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return json.dumps(value)


@schemathesis.serializer("application/toml")
def toml(ctx, value):
    if not isinstance(value, dict):
        return str(value).encode(errors="replace")
    pairs = [f"{toml_value(str(key))} = {toml_value(one)}" for key, one in value.items() if one is not None]
    return "\n".join(pairs).encode(errors="replace")


@schemathesis.deserializer("application/x-ndjson")
def rows(ctx, response):
    return [json.loads(line) for line in response.content.splitlines() if line.strip()]


def post(path, body):
    answer = requests.post(URL + path, json=body, headers={"Authorization": f"Bearer {KEY}"}, timeout=20)
    answer.raise_for_status()
    return answer.json()


def order(number):
    quantity = 1 + number % 4
    return {
        "channel": "web",
        "currency": "EUR",
        "ship_to": ADDRESS,
        "customer": {"email": f"c{number}@example.com"},
        "lines": [{"sku": SKUS[number % 3], "quantity": quantity, "unit_price_minor": 500}],
        "payments": [{"amount_minor": 900, "state": "captured"}],
    }


def advance(number, placed):
    """Each order is a different way on: placed, picked, packed, shipped, delivered, announced to come back."""
    for fulfilment in placed["fulfilments"]:
        path = f"/v1/fulfilments/{fulfilment['id']}"
        if fulfilment["request_status"] == "submitted":
            post(f"{path}/accept", {})
        for verb, body in [("pick", {}), ("pack", {}), ("ship", {"carrier": "UPS"}), ("deliver", {})][: number % 6]:
            post(f"{path}/{verb}", body)
    if number % 6 == 5:
        line = next(line for line in placed["lines"] if not line["is_kit"])
        returned = {"lines": [{"id": line["id"], "quantity": 1, "reason": "r"}]}
        known["returns"].append(post(f"/v1/orders/{placed['id']}/returns", returned))


def furnish_carriers():
    day = [{"from": "08:00", "to": "20:00"}]
    post("/v1/calendars", {"code": "week", "name": "Week", "hours": {"monday": day, "friday": day}})
    tariff = {"brackets": [{"up_to_g": 1000, "price_minor": 300}], "per_kg_minor": 100, "parcel_max_g": 30000}
    ground = {"code": "ground", "name": "Ground", "carrier": "Royal", "currency": "EUR", "delivery_calendar": "week"}
    ground["zoning"] = {"areas": [{"to": {"country": "GB"}, "zone": "1"}]}
    ground["zones"] = [{"code": "1", "tariff": tariff, "transit_days": 1}]
    post("/v1/carrier-services", ground)
    storm = {"code": "storm", "service": "ground", "kind": "no_pickup", "reason": "storm"}
    post("/v1/carrier-closures", {**storm, "from": "2030-01-01", "to": "2030-01-02"})


def furnish_tracked():
    """An item with lots, one with serial numbers, and tasks to count, open and waiting."""
    post("/v1/items", {"sku": "LOTS", "title": "LOTS", "tracking": {"lots": {"expires": True}}})
    post("/v1/items", {"sku": "UNITS", "title": "UNITS", "tracking": {"serials": "at_receipt"}})
    received = {"location": "LEEDS", "reference": "r"}
    for lot in TRACKED["lots"][2]:
        named = {"code": lot, "expires_on": "2099-01-01"}
        post("/v1/stock/receive", {**received, "sku": "LOTS", "quantity": 9, "lot": named})
    post("/v1/stock/receive", {**received, "sku": "UNITS", "quantity": 2, "serials": TRACKED["serials"][2]})
    for number in range(10):
        task = post("/v1/count-tasks", {"sku": SKUS[number % 2], "location": LOCATIONS[number % 3]})
        known["count-tasks"].append(task)
        if number % 2:
            post(f"/v1/count-tasks/{task['id']}/count", {"quantity": 399})


def furnish():
    post("/v1/channels", {"code": "web", "name": "Web", "currency": "EUR"})
    for code, kind in zip(LOCATIONS, ["warehouse", "store", "3pl"]):
        post("/v1/locations", {"code": code, "name": code, "kind": kind, "address": ADDRESS})
    for sku in SKUS[:2]:
        post("/v1/items", {"sku": sku, "title": sku})
        for code in LOCATIONS:
            post("/v1/stock/receive", {"sku": sku, "location": code, "quantity": 400, "reference": "r"})
    post("/v1/items", {"sku": "KIT", "title": "KIT", "components": [{"sku": "A", "quantity": 2}, {"sku": "B", "quantity": 1}]})
    furnish_carriers()
    furnish_tracked()
    for number in range(ORDERS):
        placed = post("/v1/orders", order(number))
        advance(number, placed)
        known["orders"].append(placed)
        known["fulfilments"].extend(placed["fulfilments"])
    for number in range(10):
        known["drafts"].append(post("/v1/drafts", {**order(number), "payments": None}))
        reservation = {"lines": [{"sku": "A", "quantity": 2}, {"sku": "B", "quantity": 1}]}
        known["reservations"].append(post("/v1/reservations", reservation))
        known["customers"].append(post("/v1/customers", {"external_ref": f"C{number}"}))
    known["runs"].append(post("/v1/sourcing/runs", {}))
    dates = {"placed_after": "2020-01-01", "placed_before": "2040-01-01"}
    known["replays"].append(post("/v1/sourcing/replay", dates))


@schemathesis.hook
def after_load_schema(ctx, schema):
    if not known["orders"]:
        furnish()


@schemathesis.hook
def before_call(ctx, case, **kwargs):
    chance = zlib.crc32(repr((case.path_parameters, case.body)).encode())
    if chance % 3 == 0:
        return
    chosen = name_path(case, chance)
    if isinstance(case.body, (dict, list)):
        name_body(case.body, chance, chosen)


def name_path(case, chance):
    """Puts the id of a known thing into the path, and answers it."""
    if not case.path_parameters:
        return None
    parts = case.operation.path.split("/")
    kind = parts[3] if parts[2] == "sourcing" else parts[2]
    if "id" in case.path_parameters and kind in known:
        chosen = known[kind][chance // 3 % len(known[kind])]
        case.path_parameters["id"] = chosen["id"]
        return chosen
    for sku, parameter, names in TRACKED.values():
        if parameter in case.path_parameters:
            case.path_parameters[parameter] = names[chance % len(names)]
            if "sku" in case.path_parameters:
                case.path_parameters["sku"] = sku
            return None
    for parameter, names in (("sku", SKUS), ("code", SETTINGS.get(kind, LOCATIONS))):
        if parameter in case.path_parameters:
            case.path_parameters[parameter] = names[chance % len(names)]
    return None


def name_body(value, chance, chosen):
    """Puts known names into a body, wherever names stand."""
    if isinstance(value, list):
        for element in value:
            if isinstance(element, (dict, list)):
                name_body(element, chance, chosen)
        return
    ways = (("from", LOCATIONS), ("to", LOCATIONS)) if "sku" in value or "ship_to" in value else ()
    for field, names in (("sku", SKUS), ("location", LOCATIONS), *ways):
        if isinstance(value.get(field), str):
            value[field] = names[chance // 7 % len(names)]
    named = (("channel", "web"), ("currency", "EUR"), ("country", "GB"), ("service", "ground"))
    for field, name in (*named, ("pickup_calendar", "week"), ("delivery_calendar", "week")):
        if isinstance(value.get(field), str):
            value[field] = name
    if isinstance(value.get("id"), str) and chosen and chosen.get("lines"):
        value["id"] = chosen["lines"][chance % len(chosen["lines"])]["id"]
    for element in list(value.values()):
        if isinstance(element, (dict, list)):
            name_body(element, chance, chosen)
