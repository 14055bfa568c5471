import { createContext } from "react";

/** Closes the dialog that a button or a menu opened. */
export const CloseDialog = createContext<() => void>(() => {});
