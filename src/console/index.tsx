import { render } from "preact";
import { followLinks } from "./address";
import { followKeys } from "./keyboard";
import { followPulse } from "./pulse";
import { readSentences } from "./sentences";
import { followSession } from "./session";
import { rememberSettings } from "./settings";
import { Shell } from "./shell";

rememberSettings();
followLinks();
followKeys();
void readSentences();
void followSession().then(followPulse);
render(<Shell />, document.body);
