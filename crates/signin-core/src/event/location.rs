//! The place of an address, as far as an event can hold it.

use super::{Members, Origin, country, says_nothing};

/// The parts of a place: city, region and country before the coordinates, and all after the
/// address.
///
/// OCSF has a place of an address only, and coordinates of a named place only. Where these lack,
/// the event has the part and the record's member stays in `unmapped` as well.
impl Members {
    /// Takes the city over, unless it [says nothing](says_nothing).
    pub fn city(&mut self, member: &'static str, city: Option<&str>, origin: &mut Origin) {
        let Some(city) = city.filter(|city| !says_nothing(city)) else { return };
        origin.location.get_or_insert_default().city = Some(city.to_owned());
        self.take(member, origin.ip);
    }

    /// Takes the state, province or region over, unless it [says nothing](says_nothing).
    pub fn region(&mut self, member: &'static str, region: Option<&str>, origin: &mut Origin) {
        let Some(region) = region.filter(|region| !says_nothing(region)) else { return };
        origin.location.get_or_insert_default().region = Some(region.to_owned());
        self.take(member, origin.ip);
    }

    /// Takes the country over, if the text is its code. Of a name the event has the code
    /// ([`country::code`]), and the name stays in `unmapped`.
    pub fn country(&mut self, member: &'static str, country: Option<&str>, origin: &mut Origin) {
        let Some(code) = country.and_then(country::code) else { return };
        origin.location.get_or_insert_default().country = Some(code);
        self.take(member, origin.ip.filter(|_| country == Some(code)));
    }

    /// Takes latitude and longitude over, if they are a point
    /// ([`Location::set_coordinates`](super::Location::set_coordinates)).
    pub fn coordinates(
        &mut self,
        members: [&'static str; 2],
        [latitude, longitude]: [Option<f64>; 2],
        origin: &mut Origin,
    ) {
        let mut location = origin.location.take().unwrap_or_default();
        let is_point = location.set_coordinates(latitude, longitude);
        let is_shown = is_point && location.is_named() && origin.ip.is_some();
        for member in members {
            self.take(member, is_shown.then_some(()));
        }
        origin.location = location.known();
    }
}

#[cfg(test)]
mod tests {
    use super::super::Location;
    use super::*;

    /// The place and the members that were taken for it.
    fn place(
        ip: Option<&str>,
        city: &str,
        country: &str,
        point: [Option<f64>; 2],
    ) -> (Option<Location>, Vec<&'static str>) {
        let ip = ip.map(|ip| ip.parse().unwrap());
        let mut origin = Origin { ip, ..Origin::default() };
        let mut members = Members::default();
        members.city("/city", Some(city), &mut origin);
        members.country("/country", Some(country), &mut origin);
        members.coordinates(["/lat", "/lon"], point, &mut origin);
        (origin.location, members.taken().to_vec())
    }

    const IP: Option<&str> = Some("192.0.2.1");
    const ULM: [Option<f64>; 2] = [Some(48.4), Some(10.0)];

    #[test]
    fn a_place_is_taken_where_its_address_is_known() {
        let (known, taken) = place(IP, "Ulm", "DE", ULM);
        assert_eq!(taken, ["/city", "/country", "/lat", "/lon"]);
        assert_eq!(place(None, "Ulm", "DE", ULM), (known, vec![]));
    }

    #[test]
    fn a_region_is_taken_as_a_city_is() {
        for (ip, region, taken) in [
            (IP, "Georgia", &["/region"][..]),
            (None, "Georgia", &[]),
            (IP, "", &[]),
            (IP, "Unknown", &[]),
        ] {
            let ip = ip.map(|ip| ip.parse().unwrap());
            let mut origin = Origin { ip, ..Origin::default() };
            let mut members = Members::default();
            members.region("/region", Some(region), &mut origin);
            let found = origin.location.and_then(|location| location.region);
            assert_eq!(found.as_deref(), Some(region).filter(|region| *region == "Georgia"));
            assert_eq!(members.taken(), taken, "{region}");
        }
    }

    #[test]
    fn the_name_of_a_country_gives_its_code_and_stays() {
        for (text, code, taken) in [
            ("DE", Some("DE"), &["/country"][..]),
            ("de", Some("DE"), &[]),
            ("Germany", Some("DE"), &[]),
            ("Atlantis", None, &[]),
            ("", None, &[]),
        ] {
            let (location, found) = place(IP, "", text, [None, None]);
            assert_eq!(location.and_then(|location| location.country), code, "{text}");
            assert_eq!(found, taken, "{text}");
        }
    }

    #[test]
    fn a_word_for_no_city_is_none() {
        for nothing in ["", " ", "-", "unknown", "Unknown", "N/A", "null"] {
            assert_eq!(place(IP, nothing, "", [None, None]), (None, vec![]), "{nothing:?}");
        }
    }

    #[test]
    fn coordinates_without_a_named_place_are_told_and_stay() {
        let (location, taken) = place(IP, "", "Atlantis", ULM);
        assert!(location.is_some_and(|location| location.coordinates.is_some()));
        assert_eq!(taken, [""; 0]);
        for nowhere in [[Some(0.0), Some(0.0)], [Some(91.0), Some(0.0)], [Some(1.0), None]] {
            assert_eq!(place(IP, "", "", nowhere), (None, vec![]), "{nowhere:?}");
        }
        let (location, taken) = place(IP, "", "NL", [Some(0.0), Some(0.0)]);
        assert!(location.is_some_and(|location| location.coordinates.is_none()));
        assert_eq!(taken, ["/country"], "a country has no middle in the open sea");
        let (location, taken) = place(IP, "Ulm", "DE", [Some(-0.0), Some(0.0)]);
        assert!(location.is_some_and(|location| location.coordinates.is_none()));
        assert_eq!(taken, ["/city", "/country"], "no city lies there");
        let (_, taken) = place(IP, "", "Germany", ULM);
        assert_eq!(taken, ["/lat", "/lon"]);
    }
}
