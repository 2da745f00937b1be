/**
 * Amounts as people read them: bytes, speeds, times, numbers of things.
 * @module
 */

/** A number with its noun. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** Units of bytes: each is used from `from` bytes up. */
const units = [
  { from: 10_000_000_000, bytes: 1_000_000_000, name: "GB", digits: 1 },
  { from: 10_000_000, bytes: 1_000_000, name: "MB", digits: 1 },
  { from: 10_000, bytes: 1_000, name: "kB", digits: 0 },
] as const;

/** A number of bytes: exact as long as it is short. */
export function bytesText(bytes: number): string {
  const unit = units.find(({ from }) => bytes >= from);
  if (unit === undefined) return `${bytes} bytes`;
  return `${(bytes / unit.bytes).toFixed(unit.digits)} ${unit.name}`;
}

/** How many bytes of how many, in the unit of the whole; `~` before a whole that is a guess. */
export function bytesOfBytesText(bytes: number, whole: number, isGuess = false): string {
  const unit = units.find(({ from }) => whole >= from);
  const about = isGuess ? "~" : "";
  if (unit === undefined) return `${bytes} of ${about}${whole} bytes`;
  const inUnit = (amount: number) => (amount / unit.bytes).toFixed(unit.digits);
  return `${inUnit(bytes)} of ${about}${inUnit(whole)} ${unit.name}`;
}

/** A speed. */
export function speedText(bytesPerSecond: number): string {
  return `${bytesText(Math.round(bytesPerSecond)).replace(/ bytes$/, " B")}/s`;
}

/** How long something took. */
export function secondsText(seconds: number): string {
  return seconds < 1 ? `${(seconds * 1_000).toFixed(0)} ms` : `${seconds.toFixed(1)} s`;
}

/** What a clock would show: `0:05`, `12:34`, `1:02:03`; longer than that is given in days. */
export function clockText(seconds: number): string {
  const whole = Math.ceil(seconds);
  const hours = Math.floor(whole / 3_600);
  if (hours >= 100) return count(Math.round(hours / 24), "day");
  const two = (number: number) => String(number).padStart(2, "0");
  const minutes = Math.floor(whole / 60) % 60;
  return hours === 0
    ? `${minutes}:${two(whole % 60)}`
    : `${hours}:${two(minutes)}:${two(whole % 60)}`;
}
