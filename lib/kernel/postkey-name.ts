export const POSTKEY_NAME = "Postkey";
