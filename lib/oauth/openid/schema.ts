import { z } from "zod";
import type { PresetFacts } from "./presets/preset";
import { PRESET_TABLE } from "./presets/table";

export type Preset = keyof typeof PRESET_TABLE;

export const PRESET_FACTS: Readonly<Record<Preset, PresetFacts>> = PRESET_TABLE;
// Object.keys loses the type.
export const PRESETS = Object.keys(PRESET_FACTS) as Preset[];
export const presetSchema = z.enum(PRESETS, { error: "Choose who signs your people in." });
