variable "name" {
  description = "What the names of all resources begin with."
  type        = string
}

variable "report_arn" {
  description = "The ARN of the function report."
  type        = string
}

variable "expression" {
  description = "When, as EventBridge Scheduler writes it."
  type        = string
  default     = "cron(0 2 * * ? *)"
}

variable "timezone" {
  description = "Whose hours these are."
  type        = string
  default     = "Etc/UTC"
}

variable "datasets" {
  description = "The datasets on which all current models are reported."
  type        = list(string)
  default     = []
}

variable "requests" {
  description = "What else is reported, by a name of its own: fields of the function's request."
  type        = any
  default     = {}
}

variable "dead_letter_queue_arn" {
  description = "The queue of calls that failed."
  type        = string
}

variable "key_arn" {
  description = "The key that encrypts the queue."
  type        = string
}
