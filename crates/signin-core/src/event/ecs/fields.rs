//! The field sets of ECS that events use beside `event`.

use std::net::IpAddr;

use serde::Serialize;

use super::{filled, said};
use crate::event::{Coordinates, Device, Location, Named, Origin, Principal, Product};

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Version {
    version: &'static str,
}

impl Default for Version {
    fn default() -> Self {
        Self { version: "9.4.0" }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(super) struct User<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    full_name: Option<&'a str>,
}

impl<'a> User<'a> {
    /// None if it is nobody that one could tell from others.
    pub(super) fn of(who: &'a Principal) -> Option<Self> {
        let user = Self {
            id: said(&who.id),
            name: said(&who.name),
            email: said(&who.email),
            domain: said(&who.domain),
            full_name: said(&who.full_name),
        };
        let names = [user.id, user.name, user.email, user.full_name];
        names.iter().any(Option::is_some).then_some(user)
    }
}

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(super) struct Source<'a> {
    /// The address as text, whatever it is: here always an IP.
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<IpAddr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ip: Option<IpAddr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    geo: Option<Geo<'a>>,
    #[serde(rename = "as", skip_serializing_if = "Option::is_none")]
    autonomous_system: Option<System>,
}

impl<'a> Source<'a> {
    pub(super) fn of(origin: &'a Origin) -> Option<Self> {
        let system = origin.autonomous_system.as_ref();
        filled(Self {
            address: origin.ip,
            ip: origin.ip,
            port: origin.port,
            geo: origin.location.as_ref().and_then(Geo::of),
            autonomous_system: system.map(|system| System { number: system.number }),
        })
    }
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct System {
    number: u32,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
struct Geo<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    city_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country_iso_code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Point>,
}

impl<'a> Geo<'a> {
    fn of(place: &'a Location) -> Option<Self> {
        filled(Self {
            city_name: said(&place.city),
            region_name: said(&place.region),
            country_iso_code: place.country.and_then(filled),
            location: place.coordinates.and_then(Point::of),
        })
    }
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Point {
    lat: f64,
    lon: f64,
}

impl Point {
    /// Elasticsearch refuses a whole document for a point off the earth, and JSON has no NaN.
    fn of(at: Coordinates) -> Option<Self> {
        let is_on_earth = at.latitude.abs() <= 90.0 && at.longitude.abs() <= 180.0;
        is_on_earth.then_some(Self { lat: at.latitude, lon: at.longitude })
    }
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct UserAgent<'a> {
    pub(super) original: &'a str,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(super) struct Host<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    os: Option<Os<'a>>,
}

impl<'a> Host<'a> {
    pub(super) fn of(device: &'a Device) -> Option<Self> {
        filled(Self {
            id: said(&device.id),
            name: said(&device.name),
            os: said(&device.os).map(|text| Os { full: text, name: text }),
        })
    }
}

/// Vendors have one text for a system, with its version or without. ECS has `full` for a name
/// with a version and `name` for one without; both have the text, so that either is found.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Os<'a> {
    full: &'a str,
    name: &'a str,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(super) struct Service<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<Target<'a>>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
struct Target<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
}

impl<'a> Service<'a> {
    pub(super) fn of(product: &Product, application: Option<&'a Named>) -> Option<Self> {
        let target = application.map(|it| Target { id: said(&it.id), name: said(&it.name) });
        filled(Self { name: filled(product.name), target: target.and_then(filled) })
    }
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Organization<'a> {
    pub(super) id: &'a str,
}

/// What one searches by, wherever in an event it stands.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(super) struct Related<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ip: Vec<IpAddr>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    user: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hosts: Vec<&'a str>,
}

impl<'a> Related<'a> {
    pub(super) fn of(user: &User<'a>, ip: Option<IpAddr>, host: Option<&Host<'a>>) -> Option<Self> {
        let mut names = Vec::new();
        for name in [user.id, user.name, user.email].into_iter().flatten() {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if names.is_empty() {
            names.extend(user.full_name);
        }
        let hosts = host.and_then(|host| host.name);
        filled(Self {
            ip: ip.into_iter().collect(),
            user: names,
            hosts: hosts.into_iter().collect(),
        })
    }
}
