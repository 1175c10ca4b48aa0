// What ical.js (the reader of Thunderbird and Nextcloud) understands of calendar files.
// In: an object of files by name, as JSON. Out: what each says, as JSON.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

function person(property) {
  if (!property) return null;
  return [property.getParameter("cn") ?? "", property.getFirstValue()];
}

function entry(event) {
  const first = (name) => event.getFirstPropertyValue(name);
  return {
    uid: first("uid"),
    starts_at: first("dtstart").toUnixTime(),
    ends_at: first("dtend").toUnixTime(),
    title: first("summary"),
    status: first("status"),
    description: first("description"),
    place: first("location"),
    categories: event.getAllProperties("categories").flatMap((it) => it.getValues()),
    organizer: person(event.getFirstProperty("organizer")),
    attendees: event.getAllProperties("attendee").map(person),
  };
}

function file(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  return {
    method: calendar.getFirstPropertyValue("method"),
    name: calendar.getFirstPropertyValue("x-wr-calname"),
    entries: calendar.getAllSubcomponents("vevent").map(entry),
  };
}

const files = JSON.parse(readFileSync(0, "utf8"));
const read = Object.entries(files).map(([name, text]) => [name, file(text)]);
process.stdout.write(JSON.stringify(Object.fromEntries(read)));
