/** Set by the web's own server; a client's value is overwritten. */
export const PEER_HEADER = "x-postkey-peer";
