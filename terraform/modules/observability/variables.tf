variable "name" {
  description = "What the names of all resources begin with."
  type        = string
}

variable "region" {
  description = "The region that all of it is in."
  type        = string
}

variable "functions" {
  description = "The names of the functions that are deployed."
  type        = set(string)
}

variable "retention_days" {
  description = "For how many days logs are kept."
  type        = number
  default     = 90
}

variable "key_arn" {
  description = "The key that encrypts logs."
  type        = string
}

variable "topic_arn" {
  description = "The topic that alarms and costs are published on."
  type        = string
}

variable "dead_letter_queue_name" {
  description = "The queue that should be empty."
  type        = string
}

variable "job_queue_name" {
  description = "The queue of fine-tuning jobs."
  type        = string
}

variable "budget" {
  description = "US dollars a month for all that carries the tag Project=<name>."
  type        = number
}
