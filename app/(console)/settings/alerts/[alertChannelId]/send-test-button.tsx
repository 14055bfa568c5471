"use client";

import { ActButton } from "@/components/act-button";
import { sendingTest } from "../alert-channel-menu";

export function SendTestButton(channel: { id: string; name: string }) {
  return <ActButton {...sendingTest(channel)} needs="alerts:write" />;
}
