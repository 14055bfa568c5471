/** As whom Postkey is named where it acted without being asked. */
export const POSTKEY_NAME = "Postkey";
