// The members' replica, in a worker of its own. An error here reaches the page as the worker's
// "error" event; a rejected promise would not.
import start from "{{replica.js}}";
start().catch((error) => setTimeout(() => { throw error; }));
