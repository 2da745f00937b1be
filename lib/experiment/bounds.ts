/**
 * How soon a file can be with everybody at best, whatever the protocol: the lower bounds of Kurose and Ross, "Computer
 * Networking: A Top-Down Approach", section 2.5.
 * @module
 */

/** A file on its way to several peers. */
export interface Distribution {
  /** How many peers want it: N. */
  readonly peers: number;
  /** Its length in bytes: F. */
  readonly bytes: number;
  /** What the server can send, in bytes per second: u_s. */
  readonly serverUplink: number;
  /** What each of the peers can send, in bytes per second: u_i. */
  readonly peerUplinks: readonly number[];
  /** What the slowest peer can receive, in bytes per second: d_min. @default Infinity */
  readonly slowestDownlink?: number;
}

/** The bound of a server that sends every copy itself, in seconds: D_cs = max{NF/u_s, F/d_min}. */
export function clientServerBound(
  { peers, bytes, serverUplink, slowestDownlink = Infinity }: Distribution,
): number {
  return Math.max(peers * bytes / serverUplink, bytes / slowestDownlink);
}

/**
 * The bound of peers that pass on what they have, in seconds:
 * D_P2P = max{F/u_s, F/d_min, NF/(u_s + u_1 + … + u_N)}.
 */
export function peerToPeerBound(distribution: Distribution): number {
  const { peers, bytes, serverUplink, peerUplinks, slowestDownlink = Infinity } = distribution;
  const together = peerUplinks.reduce((sum, uplink) => sum + uplink, serverUplink);
  return Math.max(bytes / serverUplink, bytes / slowestDownlink, peers * bytes / together);
}
