/**
 * The address that a connection comes from, as the web's own server saw it. What a client sends under
 * this name is overwritten.
 */
export const PEER_HEADER = "x-postkey-peer";
