"use client";

import dynamic from "next/dynamic";
import { useSyncExternalStore } from "react";
import { followProof, isProofAsked } from "@/components/proof";

// On every page and rarely needed: loaded with the question.
const AskedProof = dynamic(() => import("./asked-proof").then((module) => module.AskedProof));

/** Opens when an action asks for proof; the action is then repeated. */
export function ProofDialog() {
  const isAsked = useSyncExternalStore(followProof, isProofAsked, () => false);
  return isAsked ? <AskedProof /> : null;
}
