//! Where a sign-in came from: an endpoint, a client, a device.

use std::net::IpAddr;

use serde::Serialize;

use super::{ids, text};
use crate::event::{self, AutonomousSystem, Coordinates, Location, Origin};

/// A network endpoint: where somebody came from.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Source<'a> {
    ip: IpAddr,
    #[serde(skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<GeoLocation<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    autonomous_system: Option<&'a AutonomousSystem>,
}

impl<'a> Source<'a> {
    /// None without an address: a location or a network alone is no endpoint.
    pub(super) fn of(origin: &'a Origin) -> Option<Self> {
        Some(Self {
            ip: origin.ip?,
            port: origin.port,
            location: origin.location.as_ref().and_then(GeoLocation::of),
            autonomous_system: origin.autonomous_system.as_ref(),
        })
    }

    pub(super) fn has_location(&self) -> bool {
        self.location.is_some()
    }
}

#[derive(Debug, Clone, Serialize)]
struct GeoLocation<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    city: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lat: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    long: Option<f64>,
}

impl<'a> GeoLocation<'a> {
    /// None for coordinates alone.
    fn of(location: &'a Location) -> Option<Self> {
        let (city, region) = (text(&location.city), text(&location.region));
        let coordinates = location.coordinates.filter(is_number);
        (city.or(region).or(location.country).is_some()).then_some(Self {
            city,
            region,
            country: location.country,
            lat: coordinates.map(|coordinates| coordinates.latitude),
            long: coordinates.map(|coordinates| coordinates.longitude),
        })
    }
}

/// Whether JSON has numbers for them.
pub(super) fn is_number(coordinates: &Coordinates) -> bool {
    coordinates.latitude.is_finite() && coordinates.longitude.is_finite()
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Device<'a> {
    type_id: u32,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    uid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    os: Option<Os<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_compliant: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_managed: Option<bool>,
}

#[derive(Debug, Clone, Serialize)]
struct Os<'a> {
    name: &'a str,
    type_id: u32,
    #[serde(rename = "type")]
    kind: &'a str,
}

impl<'a> Device<'a> {
    /// None for one that has neither id nor name.
    pub(super) fn of(device: &'a event::Device) -> Option<Self> {
        let (uid, name) = (text(&device.id), text(&device.name));
        let os = text(&device.os).map(|name| {
            let kind = ids::os(name);
            Os { name, type_id: kind.id, kind: kind.caption }
        });
        (uid.is_some() || name.is_some()).then_some(Self {
            type_id: 0,
            kind: "Unknown",
            uid,
            name,
            os,
            is_compliant: device.is_compliant,
            is_managed: device.is_managed,
        })
    }
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct HttpRequest<'a> {
    pub(super) user_agent: &'a str,
}

impl<'a> HttpRequest<'a> {
    pub(super) fn of(user_agent: &'a str) -> Self {
        Self { user_agent }
    }
}
