export const SELECTED = "signInLinkId";
