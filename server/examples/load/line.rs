//! One kept HTTP/1.1 connection, blocking, that counts its bytes: small enough to trust as a ruler,
//! and no dependency. It must not know what it carries.

use std::io::{BufRead, BufReader, Error, ErrorKind, Read, Result, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longer than any answer of a relay that is well.
const ANSWER_TIME: Duration = Duration::from_secs(60);

/// What came back, and what travelled: heads and bodies, as written to the socket.
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
    pub bytes_up: usize,
    pub bytes_down: usize,
}

pub struct Line {
    stream: BufReader<TcpStream>,
    address: SocketAddr,
}

impl Line {
    pub fn open(address: SocketAddr) -> Result<Line> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(ANSWER_TIME))?;
        Ok(Line { stream: BufReader::new(stream), address })
    }

    pub fn get(&mut self, path: &str, headers: &str) -> Result<Answer> {
        self.ask(format!("GET {path} HTTP/1.1\r\nHost: {}\r\n{headers}\r\n", self.address).into_bytes())
    }

    pub fn post(&mut self, path: &str, body: &[u8]) -> Result<Answer> {
        let head = format!("POST {path} HTTP/1.1\r\nHost: {}\r\nContent-Length: {}\r\n\r\n", self.address, body.len());
        self.ask([head.as_bytes(), body].concat())
    }

    fn ask(&mut self, request: Vec<u8>) -> Result<Answer> {
        self.stream.get_mut().write_all(&request)?;
        let head = self.head()?;
        let mut answer = Answer { status: status(&head)?, body: Vec::new(), bytes_up: request.len(), bytes_down: head.len() };
        match length(&head) {
            Some(bytes) => answer.bytes_down += self.take(bytes, &mut answer.body)?,
            None => answer.bytes_down += self.chunks(&mut answer.body)?,
        }
        Ok(answer)
    }

    /// The next line of a stream that does not end, such as `live`.
    pub fn next_line(&mut self) -> Result<String> {
        let mut line = String::new();
        match self.stream.read_line(&mut line)? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            _ => Ok(line),
        }
    }

    /// Asks for a stream that does not end; its lines are read by [`Line::next_line`].
    pub fn listen(&mut self, path: &str, headers: &str) -> Result<()> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n{headers}\r\n", self.address);
        self.stream.get_mut().write_all(request.as_bytes())?;
        match status(&self.head()?)? {
            200 => Ok(()),
            other => Err(Error::other(format!("GET {path} answered {other}"))),
        }
    }

    fn head(&mut self) -> Result<String> {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            head += &self.next_line()?;
        }
        Ok(head)
    }

    fn take(&mut self, bytes: usize, body: &mut Vec<u8>) -> Result<usize> {
        let begin = body.len();
        body.resize(begin + bytes, 0);
        self.stream.read_exact(&mut body[begin..])?;
        Ok(bytes)
    }

    fn chunks(&mut self, body: &mut Vec<u8>) -> Result<usize> {
        let mut read = 0;
        loop {
            let size = self.next_line()?;
            let bytes = usize::from_str_radix(size.trim(), 16).map_err(|_| Error::other("an answer without a length"))?;
            read += size.len() + self.take(bytes, body)? + self.next_line()?.len();
            if bytes == 0 {
                return Ok(read);
            }
        }
    }
}

fn status(head: &str) -> Result<u16> {
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    status.ok_or_else(|| Error::other("not an HTTP answer"))
}

fn length(head: &str) -> Option<usize> {
    let header = |line: &str| line.to_ascii_lowercase().strip_prefix("content-length:").map(|value| value.trim().to_owned());
    head.lines().find_map(header)?.parse().ok()
}
