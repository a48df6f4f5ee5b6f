/** "Sunday, 06-Nov-94 08:49:37 GMT" */
const rfc850 = /^(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, (\d\d)-(\w{3})-(\d\d) (\d\d:\d\d:\d\d) GMT$/;

/** "Sun Nov  6 08:49:37 1994" */
const asctime = /^(\w{3}) (\w{3}) ([ \d]\d) (\d\d:\d\d:\d\d) (\d{4})$/;

/**
 * A two-digit year that seems to be more than this ahead means the most recent year in the past with those digits (RFC
 * 9110 5.6.7).
 */
const aheadMaxYears = 50;

/**
 * Parses an HTTP date into milliseconds since 1970. Returns undefined for any other text. Recipients must take all
 * three forms (RFC 9110 5.6.7): the preferred one and the two obsolete ones.
 */
export function parseHttpDate(text: string, nowMs: number): number | undefined {
  const long = rfc850.exec(text);
  if (long) {
    const [, name = "", day, month, digits, time] = long;
    const year = fullYear(Number(digits), nowMs);
    return parseFixed(`${name.slice(0, 3)}, ${day} ${month} ${year} ${time} GMT`);
  }
  const short = asctime.exec(text);
  if (short) {
    const [, name, month, day = "", time, year] = short;
    return parseFixed(`${name}, ${day.replace(" ", "0")} ${month} ${year} ${time} GMT`);
  }
  return parseFixed(text);
}

/**
 * Parses "Sun, 06 Nov 1994 08:49:37 GMT": exactly the text that `Date.toUTCString` would write, with the right weekday.
 */
function parseFixed(text: string): number | undefined {
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && new Date(ms).toUTCString() === text ? ms : undefined;
}

function fullYear(digits: number, nowMs: number): number {
  const present = new Date(nowMs).getUTCFullYear();
  const near = present - (present % 100) + digits;
  return near > present + aheadMaxYears ? near - 100 : near;
}
