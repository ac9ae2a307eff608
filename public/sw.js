// Build {{build}}
const CORE = {{core}};
const REST = {{rest}};
const MEMBER = {{member}};
