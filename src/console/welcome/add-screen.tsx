import { addedScreens } from "../added-screens";
import { WelcomeScreen } from "./screen";

addedScreens.push({ letter: "h", title: "Welcome", name: "welcome", screen: () => <WelcomeScreen /> });
