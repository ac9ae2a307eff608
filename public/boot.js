// Starts the app once the page is shown.
import start from "{{app.js}}";
start();
