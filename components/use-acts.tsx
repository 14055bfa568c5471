"use client";

import dynamic from "next/dynamic";
import { useState } from "react";
import type { Act } from "./acts";
import { useAction } from "./use-action";

const ActDialog = dynamic(() => import("./act-dialog").then((m) => m.ActDialog));

export function useActs() {
  const [asked, setAsked] = useState<Act | null>(null);
  const { isBusy, run } = useAction();
  const close = () => setAsked(null);
  const press = (chosen: Act) => {
    if ("press" in chosen) chosen.press();
    else if ("run" in chosen && !chosen.confirm) run(chosen.run, (finish) => finish());
    else setAsked(chosen);
  };
  const dialog = (
    <>
      {asked && "dialog" in asked && asked.dialog(close)}
      {asked && "run" in asked && <ActDialog act={asked} onClose={close} />}
    </>
  );
  return { isBusy, press, dialog };
}
