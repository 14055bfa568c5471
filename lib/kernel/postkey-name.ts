/** For acts that no one asked for. */
export const POSTKEY_NAME = "Postkey";
