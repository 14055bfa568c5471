"use client";

import dynamic from "next/dynamic";
import { useSyncExternalStore } from "react";
import { followProof, isProofAsked } from "@/components/proof";

// On every page, and rarely needed: its form is loaded with the question.
const AskedProof = dynamic(() => import("./asked-proof").then((module) => module.AskedProof));

/** Opens by itself when an action asks for proof, which it then repeats. */
export function ProofDialog() {
  const isAsked = useSyncExternalStore(followProof, isProofAsked, () => false);
  return isAsked ? <AskedProof /> : null;
}
