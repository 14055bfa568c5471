"use client";

import { createContext } from "react";

/** Ends what is shown once. In a file of its own: the place that shows it loads no dialog until there is one. */
export const ShownOnceEnd = createContext<(() => void) | null>(null);
