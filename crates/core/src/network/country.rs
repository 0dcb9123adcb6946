//! Countries by ISO 3166-1 alpha-2 code.

/// The officially assigned alpha-2 codes, sorted (ISO 3166-1).
const CODES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// Countries and territories that have no general system of postal codes, or where addresses are
/// commonly written without one (Universal Postal Union, addressing guide).
const WITHOUT_POSTAL_CODES: &str = "AE AG AO AW BF BI BJ BO BS BW BZ CD CF CG CI CK CM DJ DM ER FJ GA GD GH GM GQ GY HK IE JM \
    KI KM KN KP LC LY ML MO MR MW NR NU PA QA RW SB SC SL SR ST SY TD TG TK TL TO TV UG VU WS YE ZW";

/// Whether `code` is an officially assigned ISO 3166-1 alpha-2 code, in capitals.
#[must_use]
pub fn is_country(code: &str) -> bool {
    code.len() == 2 && holds(CODES, code)
}

/// Whether addresses in the country need a postal code.
#[must_use]
pub fn has_postal_codes(code: &str) -> bool {
    !holds(WITHOUT_POSTAL_CODES, code)
}

fn holds(list: &str, code: &str) -> bool {
    list.split_ascii_whitespace().any(|known| known == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_iso_3166() {
        assert_eq!(CODES.split(' ').count(), 249);
        assert!(is_country("DE") && is_country("GB"));
        for bad in ["UK", "de", "", "XX", "D"] {
            assert!(!is_country(bad), "{bad}");
        }
        assert!(has_postal_codes("DE") && !has_postal_codes("HK"));
    }
}
