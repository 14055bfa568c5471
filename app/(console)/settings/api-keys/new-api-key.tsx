"use client";

import dynamic from "next/dynamic";

export const NewApiKey = dynamic(() =>
  import("./new-api-key-form").then((module) => module.NewApiKeyForm),
);
