/** The name of the boxes with which rows are ticked; their value is the id of the link. */
export const SELECTED = "signInLinkId";
