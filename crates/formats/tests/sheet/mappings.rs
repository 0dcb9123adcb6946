//! Mappings are checked to the last key.

use throughline_formats::sheet::Mapping;

const SMALLEST: &str = r#"
[columns]
reference = "a"
date = "b"
sku = "c"
quantity = "d"
unit_price = "e"
[channel]
code = "web"
[currency]
code = "GBP"
"#;

#[test]
fn faults_name_the_line_or_key_and_the_remedy() {
    let cases = [
        (
            "[colums]\n",
            "mapping, line 12: there is no key \"colums\" here: did you mean \"columns\"?",
        ),
        (
            "[format]\ndelimeter = \";\"",
            "mapping, line 13: there is no key \"delimeter\" here: did you mean \"delimiter\"?",
        ),
        (
            "[policy]\ncreate_customer = true",
            "mapping, line 13: there is no key \"create_customer\" here: did you mean \"create_customers\"?",
        ),
        (
            "[cancellations]\nprefix = \"C\"",
            "mapping, line 13: there is no key \"prefix\" here: did you mean \"reference_prefix\"?",
        ),
        (
            "[defaults]\nxyz = 1",
            "mapping, line 13: there is no key \"xyz\" here: it has \"quantity\", \"unit_price\", \"country\"",
        ),
        (
            "[format]\nencoding = \"latin\"",
            "mapping, line 13: unknown variant `latin`",
        ),
        (
            "[format]\nheader_row = \"one\"",
            "mapping, line 13: invalid type",
        ),
        ("[format\n", "mapping, line 12: "),
        (
            "[format]\ndelimiter = \"::\"",
            "mapping, format.delimiter: write one ASCII character",
        ),
        (
            "[format]\ntime_zone = \"London\"",
            "mapping, format.time_zone: \"London\" is no IANA time zone such as Europe/London or UTC",
        ),
        (
            "[format]\ndate_formats = [\"dd/mm/yyyy\"]",
            "mapping, format.date_formats: \"dd/mm/yyyy\" is no date format",
        ),
        (
            "[format]\nthousands_separator = \".\"",
            "mapping, format.thousands_separator: is the same as decimal_separator",
        ),
        (
            "[country_names]\nEIRE = \"Ireland\"",
            "mapping, country_names.\"EIRE\": write an ISO 3166-1 code",
        ),
        (
            "[defaults]\ncountry = \"UK\"",
            "mapping, defaults.country: write an ISO 3166-1 code",
        ),
        (
            "[defaults]\nunit_price = \"one\"",
            "mapping, defaults.unit_price: \"one\" is no number",
        ),
        (
            "[charges]\nPOST = \"Postage!\"",
            "mapping, charges.\"POST\": the kind \"Postage!\" should be a word in small letters",
        ),
        (
            "[cancellations]\nreference_prefix = \"C\"\nnegative_quantity = true",
            "mapping, cancellations: name one of",
        ),
        (
            "[cancellations]\nreference_prefix = \"\"",
            "mapping, cancellations.reference_prefix: is empty",
        ),
        (
            "[cancellations]\nstatus_values = [\"void\"]",
            "mapping, cancellations.status_values: goes together with columns.status",
        ),
    ];
    for (more, message) in cases {
        let fault = Mapping::parse(&format!("{SMALLEST}{more}\n"))
            .unwrap_err()
            .to_string();
        assert!(fault.starts_with(message), "{fault}\n{message}");
    }
}

#[test]
fn columns_channel_and_currency_are_needed() {
    assert!(Mapping::parse(SMALLEST).is_ok());
    let cases = [
        ("sku = \"c\"\n", "missing field `sku`"),
        (
            "code = \"web\"\n",
            "mapping, channel.code: write the channel's code, or name its column as columns.channel",
        ),
        (
            "code = \"GBP\"\n",
            "mapping, currency.code: write the currency's code, or name its column as columns.currency",
        ),
    ];
    for (without, message) in cases {
        let fault = Mapping::parse(&SMALLEST.replace(without, ""))
            .unwrap_err()
            .to_string();
        assert!(fault.contains(message), "{fault}");
    }
    let fault = Mapping::parse(&SMALLEST.replace("GBP", "GPB"))
        .unwrap_err()
        .to_string();
    assert_eq!(
        fault,
        "mapping, currency.code: \"GPB\" is no ISO 4217 code such as \"GBP\""
    );
}
