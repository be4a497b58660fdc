//! From where: the address with its place and network, the client and the device.

use signin_core::event::{AutonomousSystem, Device, Members, Origin};

use crate::{DeviceDetail, SignIn, SignInLocation};

pub(super) fn of(row: &SignIn, members: &mut Members) -> Origin {
    let mut origin = Origin::default();
    members.ip("/ipAddress", &row.ip_address, &mut origin);
    if let Some(location) = &row.location {
        take_location(location, members, &mut origin);
    }
    origin.autonomous_system = network(row, members, origin.ip.is_some());
    origin.user_agent = members.text("/userAgent", &row.user_agent);
    origin.device = row.device_detail.as_ref().and_then(|detail| device(detail, members));
    origin
}

fn take_location(location: &SignInLocation, members: &mut Members, origin: &mut Origin) {
    members.city("/location/city", location.city.as_deref(), origin);
    members.region("/location/state", location.state.as_deref(), origin);
    members.country("/location/countryOrRegion", location.country_or_region.as_deref(), origin);
    if let Some(point) = &location.geo_coordinates {
        let names = ["/location/geoCoordinates/latitude", "/location/geoCoordinates/longitude"];
        members.coordinates(names, [point.latitude, point.longitude], origin);
    }
}

/// The network, by a number that is one: 0 is nobody's. OCSF has it of an address only.
fn network(row: &SignIn, members: &mut Members, is_shown: bool) -> Option<AutonomousSystem> {
    let number = row.autonomous_system_number.and_then(|number| u32::try_from(number).ok());
    let number = number.filter(|number| *number != 0)?;
    members.take("/autonomousSystemNumber", is_shown.then_some(()));
    let mut system = AutonomousSystem::default();
    system.number = number;
    Some(system)
}

/// The device, if the tenant knows it by an id or a name. What any other one says of itself stays.
fn device(detail: &DeviceDetail, members: &mut Members) -> Option<Device> {
    let mut device = Device::default();
    device.id = members.id("/deviceDetail/deviceId", &detail.device_id);
    device.name = members.text("/deviceDetail/displayName", &detail.display_name);
    if device.id.is_none() && device.name.is_none() {
        return None;
    }
    device.os = members.text("/deviceDetail/operatingSystem", &detail.operating_system);
    device.is_compliant = members.take("/deviceDetail/isCompliant", detail.is_compliant);
    device.is_managed = members.take("/deviceDetail/isManaged", detail.is_managed);
    Some(device)
}
