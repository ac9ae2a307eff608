// The members' replica, in a worker of its own.
import start from "{{replica.js}}";
start();
