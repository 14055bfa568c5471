export const SELECTED = "emailAccountId";
